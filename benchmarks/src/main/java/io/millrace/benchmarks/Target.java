package io.millrace.benchmarks;

import io.millrace.local.supervision.Ports;
import io.millrace.local.supervision.Service;
import io.millrace.local.supervision.StateFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The Millrace that is measured.
 *
 * @param home the repository that it was built in
 * @param state where it keeps everything
 * @param ports where its parts listen
 */
public record Target(Path home, StateFolder state, Ports ports) {

    /** The one that {@code MILLRACE_STATE} and {@code MILLRACE_PORT_BASE} point to. */
    static Target of(Path home, Map<String, String> environment) {
        Path state = Optional.ofNullable(environment.get("MILLRACE_STATE"))
                .filter(configured -> !configured.isBlank())
                .map(Path::of)
                .orElseGet(() -> home.resolve(".millrace"));
        return new Target(
                home,
                new StateFolder(state.toAbsolutePath().normalize()),
                Ports.configured(environment.get("MILLRACE_PORT_BASE")));
    }

    /** The gateway's address. */
    public URI gateway() {
        return URI.create(ports.url(Service.GATEWAY));
    }

    /**
     * The key that the gateway demands.
     *
     * @throws IllegalArgumentException if there is none, because it has never been up
     */
    public String key() throws IOException {
        try {
            return Files.readString(state.demoKey()).strip();
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    "Millrace is not up (" + state.root() + "). Start it with ./millrace up.", e);
        }
    }
}
