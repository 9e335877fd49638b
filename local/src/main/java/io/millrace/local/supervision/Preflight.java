package io.millrace.local.supervision;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** What must hold before anything is started. Each problem is a sentence that says the way out. */
final class Preflight {

    private static final long NEEDED_BYTES = 2L << 30;

    private Preflight() {}

    /** The problems of starting on these ports with this state; none means go. */
    static List<String> problems(Ports ports, StateFolder state) {
        var problems = new ArrayList<String>();
        diskProblem(state.root(), state.root().toFile().getUsableSpace()).ifPresent(problems::add);
        portProblem(ports, Preflight::isBusy).ifPresent(problems::add);
        return problems;
    }

    static Optional<String> diskProblem(Path root, long freeBytes) {
        return freeBytes >= NEEDED_BYTES
                ? Optional.empty()
                : Optional.of(
                        "Only %d MiB are free at %s; Millrace needs 2 GiB. Make room, or set MILLRACE_STATE to a folder on another disk."
                                .formatted(freeBytes >> 20, root));
    }

    static Optional<String> portProblem(Ports ports, IntPredicate busy) {
        List<String> taken = ports.owners().entrySet().stream()
                .filter(each -> busy.test(each.getKey()))
                .map(each -> each.getKey() + " (" + each.getValue() + ")")
                .toList();
        return taken.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%s in use by another program: %s. Stop it, or set MILLRACE_PORT_BASE to move all ports (now %d)."
                                .formatted(
                                        taken.size() == 1 ? "A port is" : "Ports are",
                                        String.join(", ", taken),
                                        ports.base()));
    }

    /** Asks both ways: macOS lets one bind a loopback port that somebody serves on all addresses. */
    private static boolean isBusy(int port) {
        var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        try (var server = new ServerSocket()) {
            server.setReuseAddress(true);
            server.bind(address);
        } catch (IOException e) {
            return true;
        }
        try (var client = new Socket()) {
            client.connect(address, 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
