/** What a feature is worth: partial aggregates in tiles of time, pure rules shared by the stream and the training sets. */
@NullMarked
package io.millrace.feature.aggregation;

import org.jspecify.annotations.NullMarked;
