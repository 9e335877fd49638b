package io.millrace.local.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Which data a state folder holds. It holds one set only: two would mix in every feature and model.
 *
 * @param source {@code simulated}, or the path of the file
 * @param until the first day that was left out; empty if none was
 */
record LoadedData(String source, String until) {

    private static final String SIMULATED = "simulated";

    static LoadedData simulated() {
        return new LoadedData(SIMULATED, "");
    }

    static LoadedData file(Path file, Optional<String> until) {
        return new LoadedData(file.toAbsolutePath().normalize().toString(), until.orElse(""));
    }

    boolean isSimulated() {
        return source.equals(SIMULATED);
    }

    /** What was loaded before; empty in a new state folder, and where a load was cut off. */
    static Optional<LoadedData> read(Path applicationState) throws IOException {
        Path marker = marker(applicationState);
        if (Files.notExists(marker)) {
            return Optional.empty();
        }
        JsonNode json = HttpJson.JSON.readTree(Files.readString(marker));
        return Optional.of(new LoadedData(
                json.path("source").asString(), json.path("until").asString()));
    }

    void write(Path applicationState) throws IOException {
        Files.createDirectories(applicationState);
        Path whole = Files.writeString(
                applicationState.resolve("loaded.json.tmp"),
                HttpJson.JSON.writeValueAsString(Map.of("source", source, "until", until)) + "\n");
        Files.move(whole, marker(applicationState), StandardCopyOption.ATOMIC_MOVE);
    }

    private static Path marker(Path applicationState) {
        return applicationState.resolve("loaded.json");
    }

    @Override
    public String toString() {
        if (isSimulated()) {
            return "the simulated shop";
        }
        return source + (until.isEmpty() ? "" : " until " + until);
    }
}
