package io.millrace.inference.protocol;

import io.millrace.starter.problem.JsonViolations;
import io.millrace.wire.Problem;
import tools.jackson.core.JacksonException;

/** What is wrong with a body, in its sender's words: Jackson's own would name the classes here. */
final class JsonReason {

    private JsonReason() {}

    static String of(JacksonException error) {
        Problem.Violation violation = JsonViolations.of(error);
        if (violation == null) {
            return "the body is no JSON: " + error.getOriginalMessage();
        }
        return violation.pointer().isEmpty() ? violation.detail() : violation.pointer() + ": " + violation.detail();
    }
}
