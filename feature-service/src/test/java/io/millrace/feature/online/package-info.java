@NullMarked
package io.millrace.feature.online;

import org.jspecify.annotations.NullMarked;
