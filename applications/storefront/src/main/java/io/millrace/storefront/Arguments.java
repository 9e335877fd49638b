package io.millrace.storefront;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options of a sub-command: {@code --name value}. */
final class Arguments {

    private final Map<String, String> options = new LinkedHashMap<>();

    /** Reads the options and refuses those that are not {@code known}. */
    Arguments(List<String> words, List<String> known) {
        for (int i = 0; i < words.size(); i += 2) {
            String word = words.get(i);
            if (!word.startsWith("--") || !known.contains(word.substring(2))) {
                throw new UsageException(
                        "unknown option %s; there are --%s".formatted(word, String.join(", --", known)));
            }
            if (i + 1 == words.size()) {
                throw new UsageException("the option " + word + " needs a value");
            }
            options.put(word.substring(2), words.get(i + 1));
        }
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /** A number, or the default. */
    long number(String name, long otherwise) {
        try {
            return text(name).map(Long::parseLong).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new UsageException("--%s must be a whole number, not %s".formatted(name, options.get(name)));
        }
    }

    /** A file that is there. */
    Path file(String name) {
        Path file = Path.of(text(name).orElseThrow(() -> new UsageException("--" + name + " FILE is needed")));
        if (!Files.isReadable(file)) {
            throw new UsageException("cannot read the file " + file);
        }
        return file;
    }

    /** The beginning of a day in UTC. */
    Optional<Instant> day(String name) {
        try {
            return text(name).map(day -> LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            throw new UsageException(
                    "--%s must be a day such as 2011-10-01, not %s".formatted(name, options.get(name)));
        }
    }
}
