/** Feast's online store layout in Redis, version 3, byte by byte. */
@NullMarked
package io.millrace.feature.feast;

import org.jspecify.annotations.NullMarked;
