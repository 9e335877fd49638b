package io.millrace.local;

import io.millrace.local.supervision.HeldParts;
import io.millrace.local.supervision.LauncherLock;
import io.millrace.local.supervision.Ports;
import io.millrace.local.supervision.StateFolder;
import io.millrace.local.supervision.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code ./millrace stop PART} and {@code start PART}: asks the launcher to do without one part, and to have it again. */
final class PartCommand {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final StateFolder state;
    private final Ports ports;
    private final HeldParts held;

    PartCommand(StateFolder state, Ports ports) {
        this.state = state;
        this.ports = ports;
        this.held = new HeldParts(state);
    }

    int stop(Command.Stop stop) throws IOException, InterruptedException {
        Optional<String> part = known(stop.part());
        if (part.isEmpty()) {
            return 1;
        }
        held.release(part.get());
        held.hold(part.get(), stop.kill() ? HeldParts.Manner.KILLED : HeldParts.Manner.ASKED);
        return await(part.get(), "stopped", "; ./millrace start " + part.get() + " lets it run again");
    }

    int start(Command.Start start) throws IOException, InterruptedException {
        Optional<String> part = known(start.part());
        if (part.isEmpty()) {
            return 1;
        }
        held.release(part.get());
        return await(part.get(), "running", "");
    }

    /** The whole name of a part of a Millrace that is up; says what is wrong if there is none. */
    private Optional<String> known(String name) throws IOException, InterruptedException {
        if (LauncherLock.holder(state).isEmpty()) {
            System.err.println("Millrace is not up (" + Launcher.shown(state.root()) + ").");
            return Optional.empty();
        }
        Status status = Status.of(state, ports);
        Optional<String> part = status.parts().stream()
                .map(Status.Part::name)
                .filter(each -> each.equals(name) || each.equals(name + "-service"))
                .findFirst();
        if (part.isEmpty()) {
            System.err.println("There is no part `" + name + "`. There are: "
                    + status.parts().stream().map(Status.Part::name).collect(Collectors.joining(", ")));
        }
        return part;
    }

    private int await(String part, String wanted, String more) throws IOException, InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(until) && LauncherLock.holder(state).isPresent()) {
            if (Status.of(part, state, ports).state().equals(wanted)) {
                System.out.println(part + " is " + wanted + more + ".");
                return 0;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        System.err.println(part + " is not " + wanted + "; ./millrace logs " + part + " may say why.");
        return 1;
    }
}
