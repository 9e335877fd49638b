@NullMarked
package io.millrace.feature;

import org.jspecify.annotations.NullMarked;
