package io.millrace.local;

import io.millrace.local.application.StorefrontLoader;
import io.millrace.local.supervision.LauncherLock;
import io.millrace.local.supervision.Leftovers;
import io.millrace.local.supervision.LogTail;
import io.millrace.local.supervision.PartFailed;
import io.millrace.local.supervision.PartState;
import io.millrace.local.supervision.Ports;
import io.millrace.local.supervision.Progress;
import io.millrace.local.supervision.Repository;
import io.millrace.local.supervision.Service;
import io.millrace.local.supervision.StateFolder;
import io.millrace.local.supervision.Status;
import io.millrace.local.supervision.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@code ./millrace up}: starts everything, says how to use it, and stays until it is told to stop. */
final class UpCommand {

    private static final int SHOWN_LOG_LINES = 20;

    private final Repository repository;
    private final StateFolder state;
    private final Ports ports;
    private final Command.Up options;

    UpCommand(Repository repository, StateFolder state, Ports ports, Command.Up options) {
        this.repository = repository;
        this.state = state;
        this.ports = ports;
        this.options = options;
    }

    /** The file that is there while everything is up; who follows a detached start waits for it. */
    static Path readyMark(StateFolder state) {
        return state.run().resolve("ready");
    }

    int run() throws IOException, InterruptedException {
        Optional<LauncherLock> lock = LauncherLock.acquire(state, ports);
        if (lock.isEmpty()) {
            return isUpAlready();
        }
        try (var _ = lock.get()) {
            Files.deleteIfExists(readyMark(state));
            List<String> ended = Leftovers.end(state);
            if (!ended.isEmpty()) {
                System.out.println("Ended what an earlier run had left: " + String.join(", ", ended));
            }
            var supervisor = new Supervisor(repository, state, ports, Progress.onStandardOutput());
            List<String> problems = problems(supervisor);
            if (!problems.isEmpty()) {
                problems.forEach(System.err::println);
                return 1;
            }
            return supervise(supervisor);
        }
    }

    /** Says so, and fails where what is up is not what was asked for. */
    private int isUpAlready() throws IOException, InterruptedException {
        Ports used = LauncherLock.ports(state).orElse(ports);
        if (!used.equals(ports)) {
            System.err.println(
                    "Millrace is up already in %s, with MILLRACE_PORT_BASE=%d. Stop that one first, or set MILLRACE_STATE to another folder for a second one."
                            .formatted(Launcher.shown(state.root()), used.base()));
            return 1;
        }
        Optional<String> otherData = StorefrontLoader.problem(state, options.data());
        if (otherData.isPresent()) {
            System.err.println(otherData.get());
            return 1;
        }
        System.out.println("Millrace is up already (" + state.root() + "):");
        Status.of(state, ports).parts().forEach(System.out::println);
        return 0;
    }

    private List<String> problems(Supervisor supervisor) throws IOException {
        Optional<String> data = StorefrontLoader.problem(state, options.data());
        return data.map(List::of).orElseGet(supervisor::problems);
    }

    private int supervise(Supervisor supervisor) throws IOException, InterruptedException {
        var unwound = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopOnSignal(supervisor, unwound), "stop-on-signal"));
        try {
            supervisor.start();
            String customer = new StorefrontLoader(repository, state, ports, supervisor.parts(), supervisor.progress())
                    .load(options.data());
            System.out.println(closingLines(customer));
            Files.writeString(readyMark(state), "");
            if (!"off".equals(System.getenv("MILLRACE_START_CACHE"))) {
                supervisor.prepareNextStart();
            }
            supervisor.watch();
            throw new IllegalStateException("watching ends with a failure");
        } catch (PartFailed e) {
            if (!supervisor.isStopping()) {
                supervisor.progress().show(e.part(), PartState.FAILED, "");
                explain(e);
            }
            return 1;
        } finally {
            Files.deleteIfExists(readyMark(state));
            supervisor.stop();
            unwound.countDown();
        }
    }

    /** Ends the parts, and lets a start that is under way come to its end, so that what it starts is ended too. */
    private static void stopOnSignal(Supervisor supervisor, CountDownLatch unwound) {
        supervisor.stop();
        try {
            unwound.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void explain(PartFailed failure) {
        var message = new StringBuilder("\nMillrace stops: ").append(failure.getMessage());
        Path log = state.log(failure.part());
        List<String> lines = LogTail.of(log, SHOWN_LOG_LINES);
        if (!lines.isEmpty()) {
            message.append("\nThe last lines of ").append(log).append(":\n");
            lines.forEach(line -> message.append("    ").append(line).append('\n'));
        }
        System.err.println(message);
    }

    private String closingLines(String customer) {
        String gateway = ports.url(Service.GATEWAY);
        Path key = Launcher.shown(state.demoKey());
        return """

                Millrace is ready at %1$s; its key is in %2$s. Try:

                  curl -s %1$s/v1/applications/storefront/predictions \\
                    -H "Authorization: Bearer $(cat %2$s)" -H 'Content-Type: application/json' \\
                    -d '{"entities":{"customer":"%4$s"},"limit":5}'

                  ./millrace demo storefront
                  ./millrace status

                Ctrl-C or ./millrace down stops it; the data stay in %3$s.""".formatted(gateway, key, Launcher.shown(state.root()), customer);
    }
}
