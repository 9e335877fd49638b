package io.millrace.local.supervision;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Makes the parts' {@linkplain AotCache start caches} while they run: one after the other, at the lowest priority. */
final class StartCaches {

    private static final String PART = "start-cache";

    private final List<Rehearsal> rehearsals;
    private final StateFolder state;
    private final RunningParts parts;

    StartCaches(List<Rehearsal> rehearsals, StateFolder state, RunningParts parts) {
        this.rehearsals = rehearsals;
        this.state = state;
        this.parts = parts;
    }

    /** Makes those that are missing. Ends early, without a word, when everything is stopped; a failure is in the log. */
    void make() {
        try {
            for (Rehearsal rehearsal : rehearsals) {
                AotCache cache = rehearsal.cache();
                if (!cache.isThere()) {
                    make(rehearsal, cache);
                }
            }
        } catch (PartFailed | IOException e) {
            if (!parts.isStopping()) {
                System.err.println(
                        "No start cache was made, so the next start is as slow as this one: " + e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void make(Rehearsal rehearsal, AotCache cache) throws PartFailed, IOException, InterruptedException {
        Path data = state.data(PART);
        UnpackedJar.deleteAll(data); // of a run that was cut off
        Files.createDirectories(data);
        Path log = parts.newLog(PART);
        try {
            Process process = parts.startProgram(
                    PART, LowPriority.of(rehearsal.making(cache, data)), rehearsal.environment(data), log);
            try (InputStream said = process.getInputStream();
                    OutputStream out = Files.newOutputStream(log, StandardOpenOption.APPEND)) {
                said.transferTo(out);
            }
            int status = process.waitFor();
            parts.remove(PART);
            if (status != 0) {
                throw new IOException(
                        "a copy of " + rehearsal.title() + " ended with status " + status + ", see " + log);
            }
            cache.finish();
        } finally {
            UnpackedJar.deleteAll(data);
        }
    }
}
