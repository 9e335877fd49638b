package io.millrace.feature.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.feature.FeatureException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last good definitions in a file, so that a restart without Postgres can serve: the YAML below one line on its origin. */
final class DefinitionsSnapshot {

    private static final Logger log = LoggerFactory.getLogger(DefinitionsSnapshot.class);
    private static final Pattern HEADER =
            Pattern.compile("# millrace tenant=(\\S+) version=(\\d+) sha256=([0-9a-f]{64})\n");

    private final Path file;

    DefinitionsSnapshot(Path folder) {
        this.file = folder.resolve("definitions.yaml");
    }

    /** What was written last; nothing where there is no whole and valid file. */
    Optional<Definitions> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String content = Files.readString(file);
            Matcher header = HEADER.matcher(content);
            if (header.lookingAt()) {
                String text = content.substring(header.end());
                if (Definitions.hash(text).equals(header.group(3))) {
                    return Optional.of(
                            DefinitionsParser.parse(header.group(1), Integer.parseInt(header.group(2)), text));
                }
            }
            log.atWarn().addKeyValue("file", file).log("definitions snapshot is damaged and not used");
        } catch (IOException | FeatureException.InvalidDefinition e) {
            log.atWarn().addKeyValue("file", file).setCause(e).log("definitions snapshot cannot be used");
        }
        return Optional.empty();
    }

    /** Keeps these; a crash leaves the old file or the new one. */
    void write(Definitions definitions) throws IOException {
        Files.createDirectories(file.getParent());
        Path next = file.resolveSibling("definitions.yaml.tmp");
        Files.writeString(
                next,
                "# millrace tenant=%s version=%d sha256=%s\n%s"
                        .formatted(definitions.tenant(), definitions.version(), definitions.hash(), definitions.text()),
                UTF_8);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
