package io.intaglio.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command that the documents show is one that the command line takes: subcommand, options and number of arguments. None is run. */
class DocumentCommandsTest {
    private static final Path ROOT = Path.of("..");
    /** A line of a code block, or a piece of code in a sentence; up to a comment, a redirection or three dots. */
    private static final Pattern COMMAND = Pattern.compile("(?m)(?:^ *|`)intaglio ((?:[^`\n#>]|(?<! )#)+)");

    record Shown(String page, String line) {
        @Override
        public String toString() {
            return page + ": intaglio " + line;
        }
    }

    static List<Shown> commands() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")));
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).sorted().forEach(pages::add);
        }
        List<Shown> commands = new ArrayList<>();
        for (Path page : pages) {
            Matcher found = COMMAND.matcher(Files.readString(page));
            while (found.find()) {
                String line = found.group(1).strip();
                if (!line.contains("|")) { // `intaglio audit verify | show` names several
                    commands.add(new Shown(page.getFileName().toString(), line));
                }
            }
        }
        return commands;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void commands_shownInADocument_areTaken(Shown shown) {
        List<String> words = new ArrayList<>(List.of(shown.line().split(" +")));
        boolean isCut = words.remove("...");
        words.replaceAll(word -> word.equals("N") || word.equals("DAYS") ? "1" : word);
        words.replaceAll(word -> word.equals("TIME") ? "2026-03-01T12:00:00Z" : word);
        CommandLine line = new CommandLine(new Intaglio()).setCaseInsensitiveEnumValuesAllowed(true);
        if (isCut) {
            assertThat(line.getSubcommands()).containsKey(words.get(0));
        } else if (!isCommandAlone(line, words)) {
            assertThatCode(() -> line.parseArgs(words.toArray(String[]::new))).doesNotThrowAnyException();
        }
    }

    /** Such as {@code intaglio keys import} in a sentence, which says no arguments. */
    private static boolean isCommandAlone(CommandLine line, List<String> words) {
        CommandLine each = line;
        for (String word : words) {
            each = each.getSubcommands().get(word);
            if (each == null) {
                return false;
            }
        }
        return true;
    }

    @Test
    void commands_ofTheRunbooks_areMany() throws IOException {
        assertThat(commands().stream().filter(shown -> shown.page().equals("runbooks.md")))
                .hasSizeGreaterThan(20);
    }
}
