create table collections (
    tenant      text        not null,
    name        text        not null,
    definition  jsonb       not null,
    created_at  timestamptz not null default now(),
    primary key (tenant, name)
);
