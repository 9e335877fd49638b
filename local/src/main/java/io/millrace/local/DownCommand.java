package io.millrace.local;

import io.millrace.local.supervision.LauncherLock;
import io.millrace.local.supervision.Leftovers;
import io.millrace.local.supervision.ProcessRecords;
import io.millrace.local.supervision.StateFolder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code ./millrace down}: asks the launcher to stop, and ends what a killed one has left. */
final class DownCommand {

    /** Every stage of the launcher's own stop may take its time. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private DownCommand() {}

    static int run(StateFolder state) throws IOException {
        Optional<ProcessHandle> launcher = LauncherLock.holder(state);
        if (launcher.isPresent()) {
            launcher.get().destroy();
            if (!ProcessRecords.hasEnded(launcher.get(), PATIENCE)) {
                launcher.get().destroyForcibly();
                ProcessRecords.hasEnded(launcher.get(), Duration.ofSeconds(5));
            }
        }
        List<String> ended = Leftovers.end(state);
        if (launcher.isPresent()) {
            System.out.println("Millrace is stopped; its data stay in " + Launcher.shown(state.root()) + ".");
        } else if (!ended.isEmpty()) {
            System.out.println("The launcher was gone; ended what it had left: " + String.join(", ", ended));
        } else {
            System.out.println("Millrace was not running.");
        }
        return 0;
    }
}
