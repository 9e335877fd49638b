/** Runs applications: pipelines over features, vectors and models, and takes events in. */
@NullMarked
package io.millrace.app;

import org.jspecify.annotations.NullMarked;
