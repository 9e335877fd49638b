@NullMarked
package io.millrace.feature.streaming;

import org.jspecify.annotations.NullMarked;
