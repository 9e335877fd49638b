package io.millrace.testing;

import io.millrace.wire.ProblemType;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** This test provokes these problems over HTTP. {@code ProblemTypeTest} finds those that no test provokes. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.SOURCE)
public @interface Provokes {

    /** The problems. */
    ProblemType[] value();
}
