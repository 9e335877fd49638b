package io.millrace.inference.repository;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How the program is started again as a {@link ProofProcess}.
 *
 * @param main the program's main class
 * @param arguments what make it one
 */
public record ProofCommand(Class<?> main, List<String> arguments) {

    private static final Path SHELL = Path.of("/bin/sh");

    public ProofCommand {
        arguments = List.copyOf(arguments);
    }

    /** @param memoryKib address space that the process may have; zero does not bound it, nor does a system without a shell */
    List<String> line(long memoryKib) {
        List<String> line = new ArrayList<>();
        if (memoryKib > 0 && Files.isExecutable(SHELL)) {
            line.addAll(List.of(SHELL.toString(), "-c", "ulimit -v %d; exec \"$@\"".formatted(memoryKib), "proof"));
        }
        line.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ReservedCodeCacheSize=64m",
                "-XX:CompressedClassSpaceSize=64m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null"));
        // Otherwise Spring Boot's own loader has loaded the classes from its jar.
        line.addAll(isOnClassPath() ? List.of(main.getName()) : List.of("-jar", classes()));
        line.addAll(arguments);
        return line;
    }

    /**
     * What the process finds in its environment. The class path is there and not on the command line: ONNX Runtime 1.29 reads the
     * command line with a regular expression whose recursion ends the process where the line has some ten thousand characters.
     */
    Map<String, String> environment() {
        return isOnClassPath() ? Map.of("CLASSPATH", classes()) : Map.of();
    }

    private boolean isOnClassPath() {
        return main.getClassLoader().equals(ClassLoader.getSystemClassLoader());
    }

    private static String classes() {
        return System.getProperty("java.class.path");
    }
}
