package io.millrace.inference.batching;

import io.millrace.inference.model.InferenceException;
import io.millrace.inference.model.InferenceException.Cancelled;
import io.millrace.inference.model.InferenceException.DeadlineExceeded;
import io.millrace.inference.model.InferenceException.ExecutionFailed;
import io.millrace.inference.model.InferenceException.InvalidRequest;
import io.millrace.inference.model.InferenceException.ModelNotReady;
import io.millrace.inference.model.InferenceException.QueueFull;
import io.millrace.inference.model.InferenceException.SignatureMismatch;
import io.millrace.inference.model.InferenceException.TooManyBytes;
import io.millrace.inference.model.InferenceException.UnknownModel;
import io.millrace.inference.model.InferenceException.WouldBeLate;
import java.util.Locale;

/** How a request ended, as the metrics name it. */
enum Outcome {
    ANSWERED,
    INVALID,
    QUEUE_FULL,
    TOO_MANY_BYTES,
    WOULD_BE_LATE,
    DEADLINE_EXCEEDED,
    CANCELLED,
    FAILED,
    NOT_READY;

    static Outcome of(InferenceException error) {
        return switch (error) {
            case InvalidRequest _, SignatureMismatch _, UnknownModel _ -> INVALID;
            case QueueFull _ -> QUEUE_FULL;
            case TooManyBytes _ -> TOO_MANY_BYTES;
            case WouldBeLate _ -> WOULD_BE_LATE;
            case DeadlineExceeded _ -> DEADLINE_EXCEEDED;
            case Cancelled _ -> CANCELLED;
            case ExecutionFailed _ -> FAILED;
            case ModelNotReady _ -> NOT_READY;
        };
    }

    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
