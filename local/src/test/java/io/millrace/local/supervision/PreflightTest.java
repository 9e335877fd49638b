package io.millrace.local.supervision;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {

    private static final Path STATE = Path.of("/srv/millrace");

    @Test
    void aBusyPortIsNamedWithWhoWantsItAndTheWayOut() {
        assertThat(Preflight.portProblem(new Ports(8080), port -> port == 8082))
                .contains("A port is in use by another program: 8082 (feature-service)."
                        + " Stop it, or set MILLRACE_PORT_BASE to move all ports (now 8080).");
    }

    @Test
    void allBusyPortsAreNamedAtOnce() {
        assertThat(Preflight.portProblem(new Ports(8080), port -> port == 8080 || port == 8092 || port == 9083))
                .get()
                .asString()
                .startsWith(
                        "Ports are in use by another program: 8080 (gateway-service), 8092 (kafka), 9083 (vector-service's gRPC).");
    }

    @Test
    void freePortsAreNoProblem() {
        assertThat(Preflight.portProblem(new Ports(8080), _ -> false)).isEmpty();
    }

    @Test
    void aPortThatAnotherProgramListensOnIsBusy(@TempDir Path folder) throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var ports = new Ports(Math.min(other.getLocalPort(), 64531));
            if (ports.base() == other.getLocalPort()) {
                assertThat(Preflight.problems(ports, new StateFolder(folder)))
                        .anySatisfy(
                                problem -> assertThat(problem).contains(other.getLocalPort() + " (gateway-service)"));
            }
        }
    }

    @Test
    void twoGibibytesOfDiskAreEnoughAndLessAreNot() {
        assertThat(Preflight.diskProblem(STATE, 2L << 30)).isEmpty();
        assertThat(Preflight.diskProblem(STATE, (2L << 30) - 1))
                .contains("Only 2047 MiB are free at /srv/millrace; Millrace needs 2 GiB."
                        + " Make room, or set MILLRACE_STATE to a folder on another disk.");
    }

    @Test
    void aStateFolderThatCannotBeMadeIsAProblem(@TempDir Path folder) throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(new StateFolder(folder.resolve("new")).problem()).isEmpty();
        assertThat(new StateFolder(file.resolve("state")).problem())
                .get()
                .asString()
                .startsWith("Cannot write to " + file.resolve("state"))
                .endsWith("Set MILLRACE_STATE to a folder that can be written.");
    }
}
