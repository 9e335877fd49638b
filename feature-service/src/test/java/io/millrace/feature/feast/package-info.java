@NullMarked
package io.millrace.feature.feast;

import org.jspecify.annotations.NullMarked;
