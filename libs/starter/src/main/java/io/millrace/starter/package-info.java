/** What every service wants: configuration defaults, problems, request ids. */
@NullMarked
package io.millrace.starter;

import org.jspecify.annotations.NullMarked;
