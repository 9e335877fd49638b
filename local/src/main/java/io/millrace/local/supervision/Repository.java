package io.millrace.local.supervision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

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
        return jar(target, application, ".jar") + ":" + target.resolve("lib") + "/*";
    }

    /** The jar that runs; the one without {@code exec} in its name is only the service's classes. */
    Path jar(Service service) throws IOException {
        return jar(root.resolve(service.title()).resolve("target"), service.title(), "-exec.jar");
    }

    private static Path jar(Path target, String name, String ending) throws IOException {
        if (Files.isDirectory(target)) {
            try (var files = Files.list(target)) {
                List<Path> jars = files.filter(file ->
                                file.getFileName().toString().matches(name + "-[0-9].*" + Pattern.quote(ending)))
                        .sorted()
                        .toList();
                if (!jars.isEmpty()) {
                    return jars.getLast();
                }
            }
        }
        throw new IOException("There is no " + target.resolve(name + "-*" + ending)
                + ". Build it: ./mvnw -DskipTests package (./millrace does it unless MILLRACE_BUILD=skip).");
    }
}
