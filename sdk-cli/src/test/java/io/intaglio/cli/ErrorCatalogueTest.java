package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.intaglio.client.NotSentException;
import io.intaglio.client.RejectedException;
import io.intaglio.client.ThrottledException;
import io.intaglio.client.UnansweredException;
import io.intaglio.client.VenueException;
import io.intaglio.client.VenueException.Effect;
import io.intaglio.client.oauth.OAuthException;
import io.intaglio.signing.Catalogued;
import io.intaglio.signing.venue.Meaning;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} has an entry for every id that an exception can have, and for no other. */
class ErrorCatalogueTest {
    private static final Path PAGE = Path.of("../docs/errors.md");
    private static final Pattern ENTRY = Pattern.compile("(?m)^### `([^`]+)`\n\n((?:.+\n)+)");
    private static final VenueException.Call CALL = new VenueException.Call("binance", null, 1);

    private static Map<String, String> entries() throws IOException {
        Map<String, String> entries = new TreeMap<>();
        Matcher found = ENTRY.matcher(Files.readString(PAGE));
        while (found.find()) {
            assertThat(entries.put(found.group(1), found.group(2)))
                    .as("a second entry " + found.group(1))
                    .isNull();
        }
        return entries;
    }

    private static Set<String> ids() throws ReflectiveOperationException {
        Set<String> ids = new TreeSet<>();
        for (JavaClass each : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.intaglio.signing", "io.intaglio.client", "io.intaglio.cli")) {
            boolean isOurs = each.isAssignableTo(Throwable.class)
                    && !each.getModifiers().toString().contains("ABSTRACT");
            boolean isForUsers = each.getSimpleName().endsWith("Exception")
                    && !each.getPackageName().contains(".internal")
                    && each.isTopLevelClass();
            if (isOurs && isForUsers) {
                assertThat(each.isAssignableTo(Catalogued.class))
                        .as(each.getName() + " has an id")
                        .isTrue();
                if (!each.isAssignableTo(VenueException.class) && !each.isAssignableTo(OAuthException.class)) {
                    ids.add(made(each.reflect()).errorId());
                }
            }
        }
        for (NotSentException.Reason reason : NotSentException.Reason.values()) {
            ids.add(new NotSentException(CALL, reason, "", null).errorId());
        }
        for (Meaning meaning : Meaning.values()) {
            ids.add(new RejectedException(CALL, Effect.NONE, 400, "", meaning, "", null, "").errorId());
        }
        for (Effect effect : Effect.values()) {
            ids.add(new RejectedException(CALL, effect, 500, "", null, "", null, "").errorId());
        }
        ids.add(new ThrottledException(CALL, 429, "", false, null, "").errorId());
        ids.add(new ThrottledException(CALL, 418, "", true, null, "").errorId());
        ids.add(new UnansweredException(CALL, "", null).errorId());
        for (OAuthException.Reason reason : OAuthException.Reason.values()) {
            Constructor<?> constructor = OAuthException.class.getDeclaredConstructor(
                    OAuthException.Reason.class, String.class, Throwable.class);
            constructor.setAccessible(true);
            ids.add(((Catalogued) constructor.newInstance(reason, "", null)).errorId());
        }
        return ids;
    }

    /** By its simplest constructor. */
    private static Catalogued made(Class<?> exception) throws ReflectiveOperationException {
        for (Constructor<?> constructor : exception.getDeclaredConstructors()) {
            List<Class<?>> parameters = List.of(constructor.getParameterTypes());
            if (parameters.get(0) == String.class
                    && parameters.stream().allMatch(type -> type == String.class || type == Throwable.class)) {
                constructor.setAccessible(true);
                Object[] values = new Object[parameters.size()];
                values[0] = "";
                return (Catalogued) constructor.newInstance(values);
            }
        }
        throw new AssertionError(exception + " cannot be made of a message");
    }

    @Test
    void page_everyIdOfAnException_hasOneEntryAndNoOther() throws Exception {
        assertThat(entries().keySet()).isEqualTo(ids());
    }

    @Test
    void page_everyEntry_hasCauseCheckAndFix() throws IOException {
        entries()
                .forEach((id, entry) -> assertThat(entry)
                        .as(id)
                        .containsPattern(
                                "(?s)^- \\*\\*Cause:\\*\\* .+\n- \\*\\*Check:\\*\\* .+\n- \\*\\*Fix:\\*\\* .+"));
    }

    /** The table at the page's end says with which status the command ends. */
    @Test
    void page_exitStatus_isThatOfTheCommand() throws IOException {
        String table = Files.readString(PAGE).replaceFirst("(?s).*## Exit status of the command", "");
        for (NotSentException.Reason reason : NotSentException.Reason.values()) {
            NotSentException failure = new NotSentException(CALL, reason, "", null);
            String name = failure.errorId().replace("not-sent/", "");
            assertThat(table)
                    .as(failure.errorId())
                    .containsPattern("(?m)^\\| " + ExitCode.of(failure) + " \\| .*`(not-sent/)?" + name + "`");
        }
    }

    @Test
    void run_fault_endsWithItsId() {
        Command command = Command.run("keystore", "inspect", "/no/such.p12");
        assertThat(command.err()).endsWith(" [keystore]\n");
    }
}
