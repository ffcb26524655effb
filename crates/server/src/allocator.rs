//! The allocator of all memory of the program, so also of the tests that start it (ADR 78).

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
