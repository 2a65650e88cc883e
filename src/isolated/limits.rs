//! What a process may take.

use std::time::Duration;

use rustix::process::{Resource, Rlimit, setrlimit};

use super::Work;

/// A mebibyte, in bytes.
pub const MIB: u64 = 1024 * 1024;

/// What one process may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Time from its start to its answer.
    pub wall: Duration,
    /// Addresses of memory, in bytes. More than it uses: each thread sets some aside.
    pub memory: u64,
    /// Time of the processor, in seconds.
    pub cpu_s: u64,
    /// Open files and connections.
    pub files: u64,
    /// The longest answer, in bytes.
    pub answer: u64,
}

impl Limits {
    /// Those of a kind of work.
    #[must_use]
    pub const fn of(work: Work) -> Self {
        match work {
            Work::Fetch | Work::Call => Self {
                wall: Duration::from_secs(15),
                memory: 768 * MIB,
                cpu_s: 10,
                files: 64,
                answer: 16 * MIB,
            },
            Work::FetchSource => Self {
                wall: Duration::from_secs(35),
                memory: 768 * MIB,
                cpu_s: 20,
                files: 64,
                answer: 24 * MIB,
            },
            Work::Read | Work::ReadSource => Self {
                wall: Duration::from_secs(30),
                memory: 1024 * MIB,
                cpu_s: 25,
                files: 32,
                answer: 64 * MIB,
            },
            Work::Cite => {
                Self { wall: Duration::from_secs(5), memory: 512 * MIB, cpu_s: 4, files: 32, answer: 8 * MIB }
            }
        }
    }

    /// Sets them for this process; they cannot be raised again. It writes no file and leaves no core.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn apply(self) -> rustix::io::Result<()> {
        let set = |resource, most| setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
        set(Resource::Core, 0)?;
        set(Resource::Fsize, 0)?;
        set(Resource::Nofile, self.files)?;
        set(Resource::Cpu, self.cpu_s)?;
        set(Resource::As, self.memory)
    }
}
