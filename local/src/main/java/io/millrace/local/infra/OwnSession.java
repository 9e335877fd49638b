package io.millrace.local.infra;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts a process in a session of its own, so that Ctrl-C in the terminal reaches only the launcher, which then stops
 * its processes in order, and so that a detached launcher survives its terminal.
 *
 * <p>The wrapper replaces itself by the command, so the process id is the command's. A machine with neither {@code
 * setsid} (Linux) nor {@code perl} (macOS) runs the command as it is.
 */
public final class OwnSession {

    private OwnSession() {}

    /** {@code command}, run in a session of its own. */
    public static List<String> of(List<String> command) {
        var wrapped = new ArrayList<String>();
        if (onPath("setsid").isPresent()) {
            wrapped.add("setsid");
        } else if (onPath("perl").isPresent()) {
            wrapped.addAll(List.of("perl", "-e", "use POSIX; POSIX::setsid(); exec { $ARGV[0] } @ARGV", "--"));
        }
        wrapped.addAll(command);
        return wrapped;
    }

    /** Where a program is on the PATH. */
    public static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
