package io.millrace.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a test or a class of tests cannot do without. Where it is not to be found, the test is skipped, and
 * {@code ./millrace test} closes with a line {@code SKIPPED: needs node (ConsoleTest)}; with
 * {@code -Dmillrace.require=node,docker} that is a failure instead.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsCondition.class)
public @interface Needs {

    Tool[] value();
}
