package io.millrace.storefront.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which events a training learns from. One that goes on reads the same as before, whatever has been sent since.
 *
 * @param began when they were counted
 * @param ends the offset that each partition of the events topic ended with
 */
public record TrainingInput(Instant began, Map<Integer, Long> ends) {

    private static final String FILE = "input.json";
    private static final JsonMapper JSON = new JsonMapper();

    public TrainingInput {
        ends = Map.copyOf(ends);
    }

    private record Document(String began, TreeMap<Integer, Long> ends) {}

    /** What the unfinished training of this folder learns from; empty where there is none, or its file is damaged. */
    public static Optional<TrainingInput> read(Path folder) throws IOException {
        try {
            Document document = JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), Document.class);
            return Optional.of(new TrainingInput(Instant.parse(document.began()), document.ends()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JacksonException | DateTimeException | NullPointerException e) {
            return Optional.empty();
        }
    }

    static void delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILE));
    }

    /** Writes it into the folder. */
    public void write(Path folder) throws IOException {
        Path unfinished = folder.resolve(FILE + ".tmp");
        Files.write(unfinished, JSON.writeValueAsBytes(new Document(began.toString(), new TreeMap<>(ends))));
        Files.move(
                unfinished, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
