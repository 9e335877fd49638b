package io.millrace.vector;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Only in a replica with this role, by {@code millrace.vector.roles}; without that property a replica has all of them. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnRole.OnRole.class)
public @interface ConditionalOnRole {

    /** What a replica does. */
    enum Role {
        /** Makes points of entities that have none yet, which all replicas then read. */
        WRITE,
        /** Answers searches. */
        READ
    }

    /** The role that is needed. */
    Role value();

    /** Reads the property. */
    final class OnRole implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Set<Role> roles = Binder.get(context.getEnvironment())
                    .bind("millrace.vector.roles", Bindable.setOf(Role.class))
                    .orElseGet(() -> EnumSet.allOf(Role.class));
            return roles.contains(
                    metadata.getAnnotations().get(ConditionalOnRole.class).getEnum("value", Role.class));
        }
    }
}
