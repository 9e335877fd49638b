package io.millrace.local.supervision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What the JVM keeps of an earlier run so that the next one starts with half the work: classes loaded and linked, and
 * which methods were hot (JEP 483, 514 and 515).
 *
 * <p>A cache is good for the jars, the JDK and the flags that it was made with; all of them are in its name. The JVM
 * compares them once more, and starts without a cache that does not fit.
 *
 * @param file where it is or will be
 */
record AotCache(Path file) {

    /**
     * The cache for a command.
     *
     * @param folder where it is; nothing else may have its caches there
     * @param jars what the command runs
     * @param command the java program, its flags and what it runs
     */
    static AotCache of(Path folder, List<Path> jars, List<String> command) throws IOException {
        var sum = new CRC32();
        sum.update((Runtime.version() + " " + String.join(" ", command)).getBytes(UTF_8));
        for (Path jar : jars) {
            sum.update((jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar)).getBytes(UTF_8));
        }
        return new AotCache(folder.resolve("start-%08x.aot".formatted(sum.getValue())));
    }

    boolean isThere() {
        return Files.isRegularFile(file);
    }

    /** The command that starts from the cache, if there is one, and else notes which classes it needs. */
    List<String> using(List<String> command) {
        return isThere()
                ? with(command, "-XX:AOTCache=" + file)
                : with(command, "-Xlog:class+load:file=" + needed() + ":none");
    }

    /**
     * The command that makes an {@link #unfinished} cache when it ends, a Spring Boot program as soon as it is wired; one of
     * Millrace loads before it ends what the running one has needed since.
     */
    List<String> making(List<String> command) {
        List<String> making = with(command, "-XX:AOTCacheOutput=" + unfinished(), "-Dspring.context.exit=onRefresh");
        return Files.exists(needed()) ? with(making, "-Dmillrace.rehearsal.classes=" + needed()) : making;
    }

    /** Takes the cache that was made into use, in the place of the ones before it. */
    void finish() throws IOException {
        Path whole = unfinished();
        try (var others = Files.newDirectoryStream(file.resolveSibling("."), "start-*.aot")) {
            for (Path other : others) {
                Files.delete(other);
            }
        }
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(needed());
    }

    private Path needed() {
        return file.resolveSibling(file.getFileName() + ".classes");
    }

    private Path unfinished() {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    private static List<String> with(List<String> command, String... flags) {
        var more = new ArrayList<>(command);
        more.addAll(1, List.of(flags));
        return more;
    }
}
