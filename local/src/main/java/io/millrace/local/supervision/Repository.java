package io.millrace.local.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The folder that Millrace was built in, and where its programs are there.
 *
 * @param root its absolute path
 */
public record Repository(Path root) {

    /** The folder of a reference application. */
    public Path application(String name) {
        return root.resolve("applications").resolve(name);
    }

    /** The class path of a reference application's own programs. */
    public String classPath(String application) throws IOException {
        Path target = application(application).resolve("target");
        return jar(target, application) + ":" + target.resolve("lib") + "/*";
    }

    Path jar(Service service) throws IOException {
        return jar(root.resolve(service.title()).resolve("target"), service.title());
    }

    private static Path jar(Path target, String name) throws IOException {
        if (Files.isDirectory(target)) {
            try (var files = Files.list(target)) {
                List<Path> jars = files.filter(
                                file -> file.getFileName().toString().matches(name + "-[0-9][^/]*\\.jar"))
                        .sorted()
                        .toList();
                if (!jars.isEmpty()) {
                    return jars.getLast();
                }
            }
        }
        throw new IOException("There is no " + target.resolve(name + "-*.jar")
                + ". Build it: ./mvnw -DskipTests package (./millrace does it unless MILLRACE_BUILD=skip).");
    }
}
