@NullMarked
package io.millrace.feature.aggregation;

import org.jspecify.annotations.NullMarked;
