package io.millrace.local.supervision;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A java command of the JDK that the launcher itself runs on. */
public final class JavaCommand {

    /**
     * Small: what one machine with a few callers wants. One compiler, because on few cores the other one takes for minutes
     * the time that requests need, to make them faster than a few callers can use. With one compiler the JVM reserves a fifth of
     * the room for compiled code, and collects the whole heap for each seventh of it that fills: half a second in every start,
     * and more than a deadline when it comes later. Reserved is not used, so there is as much room as with both.
     */
    private static final List<String> LEAN = List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=240m");

    /** Netty, Lucene, ONNX Runtime and RocksDB call native code; Netty and Kafka's libraries still use Unsafe. */
    private static final List<String> ALLOWED =
            List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

    private JavaCommand() {}

    /** For a part that serves. {@code MILLRACE_JAVA_OPTS} comes last, so it wins. */
    static List<String> lean(List<String> flags, List<String> rest) {
        var command = new ArrayList<>(List.of(java()));
        command.addAll(LEAN);
        command.addAll(ALLOWED);
        command.addAll(flags);
        String more = System.getenv().getOrDefault("MILLRACE_JAVA_OPTS", "").strip();
        if (!more.isEmpty()) {
            command.addAll(List.of(more.split("\\s+")));
        }
        command.addAll(rest);
        return command;
    }

    /** For a program that computes: every compiler. */
    public static List<String> full(List<String> flags, List<String> rest) {
        var command = new ArrayList<>(List.of(java(), "-XX:+UseSerialGC"));
        command.addAll(ALLOWED);
        command.addAll(flags);
        command.addAll(rest);
        return command;
    }

    /** The path of the java program. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
