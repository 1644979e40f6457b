-- Messages that an operator has removed: one whose thanks were lost on their way is sent again, and must not come twice.

create table removed_messages (
    name text not null constraint removed_messages_pkey primary key,
    removed_at bigint not null
);
