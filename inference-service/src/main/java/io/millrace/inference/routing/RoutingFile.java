package io.millrace.inference.routing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routing table of the model repository, {@code routing.yaml}. Without the file there is no route; a file that cannot be
 * understood changes nothing.
 */
public final class RoutingFile {

    private static final Logger log = LoggerFactory.getLogger(RoutingFile.class);
    private static final long MOST_BYTES = 1 << 20;

    private final Path file;
    private volatile RoutingTable table = RoutingTable.empty();
    private String lastText = ""; // by the reading thread alone

    RoutingFile(Path repository) {
        this.file = repository.resolve("routing.yaml");
    }

    /** What holds now. */
    public RoutingTable table() {
        return table;
    }

    /** Takes over what has changed. For one thread at a time. */
    void read() {
        String text;
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException("routing.yaml has more than %d bytes".formatted(MOST_BYTES));
            }
            text = Files.readString(file);
        } catch (NoSuchFileException _) {
            text = "";
        } catch (IOException e) {
            text = "# " + e.getMessage(); // refused below, once
        }
        if (text.equals(lastText)) {
            return;
        }
        lastText = text;
        try {
            RoutingTable next = text.isEmpty() ? RoutingTable.empty() : RoutingYaml.parse(text);
            table = next;
            log.atInfo().addKeyValue("routes", next).log("routing changed");
        } catch (IllegalArgumentException e) {
            log.atWarn().addKeyValue("reason", e.getMessage()).log("routing.yaml refused; the last good one holds");
        }
    }
}
