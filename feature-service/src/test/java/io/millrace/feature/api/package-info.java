@NullMarked
package io.millrace.feature.api;

import org.jspecify.annotations.NullMarked;
