package io.millrace.inference.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why a request was not answered. The message tells the caller what to change. */
public abstract sealed class InferenceException extends RuntimeException {

    // Callers' own names and values stand in it, which may be long; gRPC carries 8 KiB of headers.
    private static final int MOST_CHARACTERS = 1000;

    private InferenceException(String message) {
        // No stack trace: under overload these are answers like any other.
        super(shortened(message), null, false, false);
    }

    private InferenceException(String message, @Nullable Throwable cause) {
        super(shortened(message), cause);
    }

    private static String shortened(String message) {
        return message.length() <= MOST_CHARACTERS ? message : message.substring(0, MOST_CHARACTERS) + "…";
    }

    /** There is no such model, or it has no such version. */
    public static final class UnknownModel extends InferenceException {
        public UnknownModel(String message) {
            super(message);
        }
    }

    /** The model is there, but no version of it can answer now. */
    public static final class ModelNotReady extends InferenceException {
        public ModelNotReady(String message) {
            super(message);
        }
    }

    /** The request does not fit the model or the protocol. */
    public static final class InvalidRequest extends InferenceException {
        public InvalidRequest(String message) {
            super(message);
        }
    }

    /** The caller's inputs were made for other columns than this version has. */
    public static final class SignatureMismatch extends InferenceException {
        public SignatureMismatch(String message) {
            super(message);
        }
    }

    /** Refused at the door, before anything was done: there is more to do than can be done in time. */
    public abstract static sealed class Overloaded extends InferenceException {

        private final Duration retryAfter;

        private Overloaded(String message, Duration retryAfter) {
            super(message);
            this.retryAfter = retryAfter;
        }

        /** When to try again. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The model's queue has no room. */
    public static final class QueueFull extends Overloaded {
        public QueueFull(String message, Duration retryAfter) {
            super(message, retryAfter);
        }
    }

    /** Too many bytes of requests are in memory. */
    public static final class TooManyBytes extends Overloaded {
        public TooManyBytes(String message, Duration retryAfter) {
            super(message, retryAfter);
        }
    }

    /** What waits already would keep the request beyond its deadline. */
    public static final class WouldBeLate extends Overloaded {
        public WouldBeLate(String message, Duration retryAfter) {
            super(message, retryAfter);
        }
    }

    /** The caller's deadline passed first. */
    public static final class DeadlineExceeded extends InferenceException {
        public DeadlineExceeded() {
            super("the deadline passed before the answer; allow more time or send fewer rows");
        }
    }

    /** The caller left. */
    public static final class Cancelled extends InferenceException {
        public Cancelled() {
            super("the caller cancelled the request");
        }
    }

    /** The model failed on these inputs. */
    public static final class ExecutionFailed extends InferenceException {
        public ExecutionFailed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
