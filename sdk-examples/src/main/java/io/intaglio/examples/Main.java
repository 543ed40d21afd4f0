package io.intaglio.examples;

import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Locale;

/** Runs an example by name: {@code quickstart} is the class {@code Quickstart}, {@code place-and-cancel} would be {@code PlaceAndCancel}. */
public final class Main {
    private Main() {}

    /**
     * Runs one example and ends the JVM with its outcome: 0 when all happened as it should, 1 when not, 2 when there is no such example.
     *
     * @param args the name, then the example's own arguments
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        if (args.length == 0) {
            System.err.println("name an example; ./example lists them");
            return 2;
        }
        try {
            Class.forName(Main.class.getPackageName() + "." + className(args[0]))
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
            return 0;
        } catch (ClassNotFoundException | NoClassDefFoundError | NoSuchMethodException | IllegalAccessException e) {
            System.err.println("there is no example '" + args[0] + "'; ./example lists them");
            return 2;
        } catch (InvocationTargetException e) {
            System.err.println("the example failed: " + e.getCause());
            return 1;
        }
    }

    private static String className(String name) {
        StringBuilder text = new StringBuilder();
        for (String word : name.split("-", -1)) {
            text.append(word.isEmpty() ? "" : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
        }
        return text.toString();
    }
}
