/** What a model takes and gives, and what can go wrong; known by every other package, knowing none. */
@NullMarked
package io.millrace.inference.model;

import org.jspecify.annotations.NullMarked;
