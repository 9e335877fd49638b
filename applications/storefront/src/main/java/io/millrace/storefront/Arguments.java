package io.millrace.storefront;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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

    /** A time in whole seconds or minutes: {@code 60s}, {@code 5m}. */
    Optional<Duration> duration(String name) {
        return text(name).map(text -> {
            if (!text.matches("\\d{1,6}[sm]")) {
                throw new UsageException("--%s must be a time such as 60s or 5m, not %s".formatted(name, text));
            }
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        });
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
