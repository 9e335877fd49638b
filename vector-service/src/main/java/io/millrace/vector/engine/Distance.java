package io.millrace.vector.engine;

import java.util.Locale;
import java.util.Optional;

/** How near two vectors are. A score is larger for nearer vectors, whatever the distance. */
public enum Distance {
    /** The score is the inner product; vectors need no unit length. */
    DOT,

    /** The score is the cosine, from -1 to 1; a vector of zeros has none and is refused. */
    COSINE,

    /** The score is {@code 1 / (1 + d²)} of the Euclidean distance {@code d}, from 0 to 1. */
    L2;

    /** The distance that a definition calls {@code name}. */
    public static Optional<Distance> named(String name) {
        for (Distance distance : values()) {
            if (distance.wireName().equals(name)) {
                return Optional.of(distance);
            }
        }
        return Optional.empty();
    }

    /** {@code dot}, {@code cosine} or {@code l2}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
