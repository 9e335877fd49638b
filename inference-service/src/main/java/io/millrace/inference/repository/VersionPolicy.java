package io.millrace.inference.repository;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a model are loaded, as its {@code model.yaml} says: {@code version_policy: all},
 * {@code {latest: 2}} or {@code {specific: [1, 4]}}. The newest readable description decides for all versions.
 */
sealed interface VersionPolicy {

    /** The newest good ones. */
    record Latest(int count) implements VersionPolicy {}

    record All() implements VersionPolicy {}

    record Specific(Set<Integer> versions) implements VersionPolicy {
        public Specific {
            versions = Set.copyOf(versions);
        }
    }

    /** How many are loaded at most. */
    default int most() {
        return switch (this) {
            case Latest(int count) -> count;
            case All _ -> Integer.MAX_VALUE;
            case Specific(Set<Integer> versions) -> versions.size();
        };
    }

    /** Those that come into question, the newest first. */
    default <T> NavigableMap<Integer, T> candidates(NavigableMap<Integer, T> found) {
        NavigableMap<Integer, T> newestFirst = new TreeMap<>(found).descendingMap();
        if (this instanceof Specific(Set<Integer> versions)) {
            newestFirst.keySet().retainAll(versions);
        }
        return newestFirst;
    }

    /**
     * @param written the value of the key, or {@code null} if it is not there
     * @throws IllegalArgumentException if it is none of the three
     */
    static VersionPolicy of(@Nullable Object written, VersionPolicy otherwise) {
        if (written == null) {
            return otherwise;
        }
        if (written.equals("all")) {
            return new All();
        }
        if (written instanceof Map<?, ?> policy && policy.size() == 1) {
            if (policy.get("latest") instanceof Integer count && count >= 1) {
                return new Latest(count);
            }
            if (policy.get("specific") instanceof List<?> versions && !versions.isEmpty()) {
                Set<Integer> numbers = new TreeSet<>();
                for (Object version : versions) {
                    if (!(version instanceof Integer number) || number < 1) {
                        throw new IllegalArgumentException("version_policy: specific: write version numbers");
                    }
                    numbers.add(number);
                }
                return new Specific(numbers);
            }
        }
        throw new IllegalArgumentException("version_policy: write all, {latest: 2} or {specific: [1, 4]}");
    }
}
