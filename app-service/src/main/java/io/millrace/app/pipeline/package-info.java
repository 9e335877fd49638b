/** Runs the steps of an application within one deadline and says which of them were degraded. */
@NullMarked
package io.millrace.app.pipeline;

import org.jspecify.annotations.NullMarked;
