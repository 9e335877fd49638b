/** What the tests of all services share: real infrastructure and the rules of the architecture. */
@NullMarked
package io.millrace.testing;

import org.jspecify.annotations.NullMarked;
