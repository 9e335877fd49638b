/** The online store in Redis: rows in by their event time, feature vectors out in one read per entity. */
@NullMarked
package io.millrace.feature.online;

import org.jspecify.annotations.NullMarked;
