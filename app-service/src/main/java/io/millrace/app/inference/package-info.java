/** Calls models over the Open Inference Protocol and knows what inputs they want. */
@NullMarked
package io.millrace.app.inference;

import org.jspecify.annotations.NullMarked;
