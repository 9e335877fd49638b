package io.millrace.starter.problem;

import io.millrace.wire.Problem;
import io.millrace.wire.ProblemType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request ends with this problem. Thrown at the edge, where a service's own errors become answers. */
public final class ProblemException extends RuntimeException {

    private final transient Problem problem;
    private final @Nullable Duration retryAfter;

    private ProblemException(Problem problem, @Nullable Duration retryAfter, @Nullable Throwable cause) {
        super(problem.detail(), cause);
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    public ProblemException(ProblemType type, String detail, Problem.Violation... errors) {
        this(Problem.of(type, detail, errors), null, null);
    }

    /** A problem that is gone after a while. */
    public static ProblemException retryAfter(Duration retryAfter, ProblemType type, String detail, Throwable cause) {
        return new ProblemException(Problem.of(type, detail), retryAfter, cause);
    }

    /** What to answer. */
    public Problem problem() {
        return problem;
    }

    /** When it is worth trying again, if it is. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
