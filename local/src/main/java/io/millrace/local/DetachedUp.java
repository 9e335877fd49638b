package io.millrace.local;

import io.millrace.local.infra.OwnSession;
import io.millrace.local.supervision.JavaCommand;
import io.millrace.local.supervision.StateFolder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ./millrace up --detach}: starts a launcher that outlives the terminal, and shows how it comes along. */
final class DetachedUp {

    private DetachedUp() {}

    /** Returns 0 when all is up, or the exit status of the launcher that failed. */
    static int run(StateFolder state, Command.Up options) throws IOException, InterruptedException {
        Path log = state.log("launcher");
        Files.createDirectories(log.getParent());
        Files.deleteIfExists(log);
        Files.deleteIfExists(UpCommand.readyMark(state));
        Process launcher = new ProcessBuilder(OwnSession.of(command(state, options)))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to(log.toFile()))
                .start();
        try (InputStream said = Files.newInputStream(log)) {
            while (true) {
                boolean ended = launcher.waitFor(100, TimeUnit.MILLISECONDS);
                boolean ready = Files.exists(UpCommand.readyMark(state));
                said.transferTo(System.out);
                if (ended) {
                    return launcher.exitValue();
                }
                if (ready) {
                    return 0;
                }
            }
        }
    }

    private static List<String> command(StateFolder state, Command.Up options) {
        var command = new ArrayList<>(List.of(JavaCommand.java()));
        // as ./millrace does for a launcher that stays in the foreground
        command.addAll(List.of(
                "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + state.launcherArchive(), "-Xlog:cds=off"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Launcher.class.getName(), "up"));
        options.data().ifPresent(data -> command.addAll(data.options()));
        return command;
    }
}
