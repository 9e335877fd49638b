package io.millrace.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why feature-service cannot do what it was asked. The edges turn each kind into an HTTP or gRPC status. */
public abstract sealed class FeatureException extends RuntimeException {

    private FeatureException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The definitions do not hold together. */
    public static final class InvalidDefinition extends FeatureException {

        private final transient List<Finding> findings;

        public InvalidDefinition(List<Finding> findings) {
            super(
                    "the feature definitions have " + findings.size() + " error" + (findings.size() == 1 ? "" : "s"),
                    null);
            this.findings = List.copyOf(findings);
        }

        /** All that is wrong, in the order of the text. */
        public List<Finding> findings() {
            return findings;
        }
    }

    /**
     * One error in a definition.
     *
     * @param pointer where, as a JSON pointer
     * @param code {@code unknown-field}, {@code wrong-type}, {@code out-of-range}, {@code required} or {@code invalid}
     * @param line from 1
     * @param column from 1
     * @param message what to change
     */
    public record Finding(String pointer, String code, int line, int column, String message) {}

    /** The definitions cannot replace those that are there. */
    public static final class Conflict extends FeatureException {
        public Conflict(String message) {
            super(message, null);
        }
    }

    /** A view, a feature, a feature service or an entity that nobody defined. */
    public static final class UnknownFeature extends FeatureException {
        public UnknownFeature(String message) {
            super(message, null);
        }
    }

    /** The request contradicts the definitions or itself. */
    public static final class InvalidRequest extends FeatureException {

        private final String pointer;

        public InvalidRequest(String pointer, String message) {
            super(message, null);
            this.pointer = pointer;
        }

        /** What is wrong, as a JSON pointer. */
        public String pointer() {
            return pointer;
        }
    }

    /** Postgres cannot be reached, so definitions cannot be kept. */
    public static final class RegistryUnavailable extends FeatureException {
        public RegistryUnavailable(Throwable cause) {
            super("the definitions cannot be kept right now: Postgres cannot be reached", cause);
        }
    }

    /** Redis cannot be reached, or does not answer in time. */
    public static final class OnlineStoreUnavailable extends FeatureException {
        public OnlineStoreUnavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The caller's deadline passed. */
    public static final class DeadlineExceeded extends FeatureException {
        public DeadlineExceeded() {
            super("the deadline passed before the online store had answered", null);
        }
    }

    /** Another training set is being made. */
    public static final class TrainingBusy extends FeatureException {
        public TrainingBusy() {
            super("another training set is being made, and there is memory for one at a time", null);
        }
    }

    /** Kafka cannot be reached, or the events topic is not there. */
    public static final class EventsUnavailable extends FeatureException {
        public EventsUnavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
