@NullMarked
package io.millrace.feature.offline;

import org.jspecify.annotations.NullMarked;
