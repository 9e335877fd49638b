package io.millrace.local.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Where the events come from that a state folder's shop begins with. It has one history only: two would mix in every feature and
 * model.
 *
 * @param source {@code simulated}, {@code simulated full}, or the path of the file
 * @param until the first day that was left out; empty if none was
 */
public record ShopHistory(String source, String until) {

    /** The simulated shop that {@code up} brings in where nothing else is asked for. */
    public static final ShopHistory SIMULATED = new ShopHistory("simulated", "");

    /** The simulated shop with twenty thousand customers. */
    public static final ShopHistory SIMULATED_FULL = new ShopHistory("simulated full", "");

    /** Online Retail from a file, as far as it was before a day. */
    public static ShopHistory file(Path file, Optional<String> until) {
        return new ShopHistory(file.toAbsolutePath().normalize().toString(), until.orElse(""));
    }

    /** The options of {@code up} that ask for it. */
    public List<String> options() {
        if (isSimulated()) {
            return List.of("--size", size());
        }
        return until.isEmpty()
                ? List.of("--data", "storefront=" + source)
                : List.of("--data", "storefront=" + source, "--until", until);
    }

    /** What the storefront's program takes to load it. */
    List<String> programArguments() {
        if (isSimulated()) {
            return List.of("simulate", "--size", size());
        }
        return until.isEmpty()
                ? List.of("load", "--data", source)
                : List.of("load", "--data", source, "--until", until);
    }

    /** Whether there is no file to read, or it can be read. */
    boolean isReadable() {
        return isSimulated() || Files.isReadable(Path.of(source));
    }

    private boolean isSimulated() {
        return equals(SIMULATED) || equals(SIMULATED_FULL);
    }

    private String size() {
        return equals(SIMULATED_FULL) ? "full" : "small";
    }

    /** What was loaded before; empty in a new state folder, and where a load was cut off. */
    static Optional<ShopHistory> read(Path applicationState) throws IOException {
        Path marker = marker(applicationState);
        if (Files.notExists(marker)) {
            return Optional.empty();
        }
        JsonNode json = HttpJson.JSON.readTree(Files.readString(marker));
        return Optional.of(new ShopHistory(
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
            return "the simulated shop (" + size() + ")";
        }
        return source + (until.isEmpty() ? "" : " until " + until);
    }
}
